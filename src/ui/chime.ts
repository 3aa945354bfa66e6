// Two short soft notes.
let context: AudioContext | undefined

/** Without a first click or key press on the page the browser plays nothing */
export function chime(): void {
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
