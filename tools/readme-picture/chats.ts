// Who writes what in the picture: users and staff of a made-up company, which is also that of the demo page.
import type { HostIdentity } from '../../src/entries/node.ts'

const staff = (id: string, name: string): HostIdentity => ({ id, name, role: 'admin' })
const user = (id: string, name: string | null, email: string, attributes = {}): HostIdentity => ({
  id,
  name,
  email,
  attributes,
  role: 'user',
})
export const ana = staff('ana', 'Ana Lima')
const jonas = staff('jonas', 'Jonas Weber')
const mei = staff('mei', 'Mei Tanaka')
// As the demo page signs her in
export const ada = user('demo-ada', 'Ada Moreau', 'ada@example.com')
const emma = user('emma', 'Emma Larsson', 'emma@larsson.example')
const lena = user('lena', 'Lena Hofmann', 'lena@hofmann-architekten.example')
const noah = user('noah', null, 'noah.b@gmail.example')
const omar = user('omar', 'عمر عبد الرحمن', 'omar@riyadh-print.example')
const priya = user('priya', 'Priya Raghunathan', 'priya@kaveri-yoga.example')
export const sofia = user('sofia', 'Sofia Marchetti', 'sofia@lumen-studio.example', {
  Plan: 'Studio, yearly',
  Seats: 8,
})
const tom = user('tom', 'Tom Okafor', 'tom@okafor.example')
const yuki = user('yuki', 'Yuki Sato', 'yuki@sato-design.example')

type Line = [minutesAgo: number, of: HostIdentity, by: HostIdentity, text: string, kind?: 'notes']
export const LINES: Line[] = [
  [30970, sofia, sofia, 'Do invoices go out by e-mail too?'],
  [30920, sofia, ana, 'Yes, to everybody who is in the role Billing.'],
  [2970, noah, noah, 'We are live with the new booking page! Thank you for all the help.'],
  [2934, noah, mei, 'Congratulations on the launch! It looks great.'],
  [1410, emma, emma, 'The week view jumps back to Monday when I add a client.'],
  [1388, emma, jonas, 'Thanks for writing, Emma. I can see it here too, and the fix goes out on Thursday.'],
  [323, priya, priya, 'How do I get all clients out at once?'],
  [318, priya, mei, 'All at once: Settings → Export → Clients.'],
  [97, tom, tom, 'The reminder went out twice this morning.'],
  [92, tom, ana, 'Sorry about that, Tom. I have switched off the second one.'],
  [64, ada, ada, 'Hello, the November invoice still shows our old address. Can you change it?'],
  [
    61,
    ada,
    ana,
    'Of course. I have changed it, and the corrected invoice is in your inbox:\n- *Invoice*: `FW-2026-1107`\n- *New address*: 12 Harbour Street',
  ],
  [58, ada, ada, 'Perfect, thank you! Will the next ones have it as well?'],
  [56, ada, ana, 'Yes, all of them.'],
  [49, lena, lena, 'Can two people share a calendar?'],
  [45, lena, jonas, 'Yes: open the calendar and choose *Share*.'],
  [42, lena, lena, 'Found it, works nicely!'],
  [38, lena, jonas, 'Glad it helped. Have a good start into the week!'],
  [36, sofia, sofia, 'Hi! We were charged twice for November, €118.40 each time. Could you look into it?'],
  [33, sofia, ana, 'Good morning Sofia, I am sorry about that. I am looking at it now.'],
  [
    31,
    sofia,
    ana,
    'Proration bug from the 25th again. Jonas, can you check the billing job before we refund?',
    'notes',
  ],
  [22, sofia, jonas, 'Confirmed, the job ran twice. Refunds are safe.', 'notes'],
  [
    17,
    sofia,
    ana,
    'The second payment is back with you within three days:\n- *Refund*: €118.40\n- *Corrected invoice*: `FW-2026-1131`',
  ],
  [9, yuki, yuki, 'Where can I change the addressee of our invoices?'],
  [
    4,
    sofia,
    sofia,
    'Wonderful, that was quick. Could the invoice also show our new VAT number? It is `IT 0247 1190 345`.',
  ],
  [2, omar, omar, 'مرحبا، الطلب رقم 4821 لم يصل بعد. هل يمكنكم التحقق من ذلك؟'],
]
export const TAGS = new Map([
  [emma, ['bug']],
  [lena, ['how-to']],
  [omar, ['shipping']],
  [sofia, ['billing', 'vip']],
])
export const UNREAD = new Set([omar, yuki])
