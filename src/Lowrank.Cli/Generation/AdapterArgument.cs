using System.Globalization;

namespace Lowrank.Cli;

/// <summary>An adapter file with its strength, as typed: <c>FILE</c> or <c>FILE:STRENGTH</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Strength">Multiplier; 1 is as trained, 0 does nothing, negative turns it round.</param>
sealed record AdapterArgument(string Path, double Strength)
{
    /// <summary>Takes the text apart at its last colon, unless that is a Windows drive's.</summary>
    /// <returns>null and a message if the strength is not a number.</returns>
    public static (AdapterArgument? Argument, string? Fault) Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        bool isDrive = colon == 1 && char.IsAsciiLetter(text[0]) && text.Length > 2 && text[2] is '\\' or '/';
        if (colon < 0 || isDrive) return (new(text, 1), null);
        var (path, strength) = (text[..colon], text[(colon + 1)..]);
        if (double.TryParse(strength, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && path.Length > 0)
            return (new(path, value), null);
        return File.Exists(text)
            ? (new(text, 1), null)
            : (null, $"In {text}, '{strength}' is not a strength. Write FILE or FILE:NUMBER, as in my-style.safetensors:0.8.");
    }
}
