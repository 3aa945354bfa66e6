<?php

namespace App\Support;

use Illuminate\Contracts\Auth\Authenticatable;
use RuntimeException;

/** Tells Deskbell who somebody is: a JWT, which Deskbell checks with the same secret */
final class SupportToken
{
    public static function forCustomer(Authenticatable $user): string
    {
        return self::sign($user, 'deskbell');
    }

    public static function forStaff(Authenticatable $user): string
    {
        return self::sign($user, 'deskbell-admin');
    }

    private static function sign(Authenticatable $user, string $audience): string
    {
        $secret = config('deskbell.secret') ?? throw new RuntimeException('DESKBELL_SECRET is not set');
        $claims = [
            'sub' => (string) $user->getAuthIdentifier(),
            'aud' => $audience,
            'iat' => time(),
            'exp' => time() + 3600,
            'email' => $user->email,
            'name' => $user->name,
        ];
        $text = self::encode(['alg' => 'HS256']) . '.' . self::encode($claims);

        return $text . '.' . self::base64url(hash_hmac('sha256', $text, $secret, true));
    }

    private static function encode(array $claims): string
    {
        return self::base64url(json_encode($claims, JSON_THROW_ON_ERROR));
    }

    private static function base64url(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
