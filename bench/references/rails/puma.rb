# What Rails generates: five threads in one process, as the async adapter of ActionCable requires.
threads 5, 5
bind "tcp://127.0.0.1:#{ENV.fetch('PORT')}"
environment 'production'
