namespace Lowrank.Language;

/// <summary>GPT-2's alphabet: every byte as a visible character. Space is U+0120, line feed U+010A.</summary>
static class ByteAlphabet
{
    static readonly char[] letters = Letters();
    static readonly short[] bytes = Bytes();

    static char[] Letters()
    {
        var made = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool isVisible = value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
            made[value] = (char)(isVisible ? value : next++);
        }
        return made;
    }

    static short[] Bytes()
    {
        var made = new short[letters.Max() + 1];
        Array.Fill(made, (short)-1);
        for (int value = 0; value < 256; value++) made[letters[value]] = (short)value;
        return made;
    }

    /// <summary>The character of a byte.</summary>
    public static char LetterOf(byte value) => letters[value];

    /// <summary>The byte of a character, or −1.</summary>
    public static int ByteOf(char letter) => letter < bytes.Length ? bytes[letter] : -1;

    /// <summary>A text in the alphabet.</summary>
    public static string Written(string text) => string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(LetterOf));
}
