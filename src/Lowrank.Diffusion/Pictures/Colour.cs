using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>A colour of 8 bits a channel.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>White.</summary>
    public static Colour White { get; } = new(255, 255, 255);

    /// <summary>Reads "#3366cc", or "#36c" for the same.</summary>
    /// <exception cref="LowrankException">It is written otherwise.</exception>
    public static Colour Read(string text)
    {
        var digits = text.AsSpan().Trim();
        bool isHex = digits.StartsWith('#') && digits.Length is 4 or 7 && IsHex(digits[1..]);
        if (!isHex) throw new LowrankException($"\"{text}\" is no colour. Write it as #rrggbb, such as #3366cc.");
        bool isShort = digits.Length == 4;
        return new(Channel(digits, 0, isShort), Channel(digits, 1, isShort), Channel(digits, 2, isShort));
    }

    static bool IsHex(ReadOnlySpan<char> digits)
    {
        foreach (char digit in digits)
            if (!char.IsAsciiHexDigit(digit)) return false;
        return true;
    }

    static byte Channel(ReadOnlySpan<char> digits, int channel, bool isShort)
    {
        if (!isShort) return byte.Parse(digits.Slice(1 + 2 * channel, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (byte)(17 * byte.Parse(digits.Slice(1 + channel, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
