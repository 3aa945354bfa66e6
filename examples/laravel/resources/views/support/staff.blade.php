<h1>Support</h1>
<form method="post" action="{{ config('deskbell.url') }}/dashboard/session">
    <input type="hidden" name="token" value="{{ $token }}">
    <button>Open the dashboard</button>
</form>
