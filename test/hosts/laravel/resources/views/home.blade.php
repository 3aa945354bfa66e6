<!doctype html>
<html lang="en">
<head><title>A Laravel app</title></head>
<body>
    <h1>A Laravel app</h1>
    <form method="post" action="/sign-in">
        @csrf
        <button name="who" value="ada">Sign in as Ada</button>
        <button name="who" value="sam">Sign in as Sam</button>
    </form>
    @include('support.widget')
</body>
</html>
