// Two short soft notes for a reply: once per browser however many tabs are open, and never before someone has touched the page.
let context: AudioContext | undefined

export function ring(messageId: string): void {
  if (navigator.userActivation?.hasBeenActive === false) return
  if (!('locks' in navigator)) return play()
  // The tab that gets the lock rings; it keeps it long enough for the slowest of the others to come too late.
  void navigator.locks.request(`deskbell:ring:${messageId}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return
    play()
    await new Promise((resolve) => setTimeout(resolve, 5000))
  })
}

function play(): void {
  try {
    context ??= new AudioContext()
    void context.resume()
    note(context, 659, 0)
    note(context, 880, 0.09)
  } catch {
    // No sound device is no reason for anything to fail.
  }
}

function note(audio: AudioContext, frequency: number, delay: number): void {
  const start = audio.currentTime + delay
  const gain = audio.createGain()
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(0.06, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.35)
  const tone = audio.createOscillator()
  tone.frequency.value = frequency
  tone.connect(gain).connect(audio.destination)
  tone.start(start)
  tone.stop(start + 0.4)
}
