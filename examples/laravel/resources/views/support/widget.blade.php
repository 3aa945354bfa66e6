@if (auth()->check() && !auth()->user()->is_staff)
    <deskbell-chat
        server="{{ config('deskbell.url') }}"
        token="{{ App\Support\SupportToken::forCustomer(auth()->user()) }}"
    ></deskbell-chat>
    <script src="{{ config('deskbell.url') }}/widget.js" data-manual async></script>
    <script type="module">
        document.querySelector('deskbell-chat').getToken = async () => {
            const response = await fetch('/support/token', { headers: { Accept: 'application/json' } })
            return response.ok ? response.text() : null
        }
    </script>
@endif
