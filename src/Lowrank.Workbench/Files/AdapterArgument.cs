using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>A file, or a name on the hub, with a strength, as typed: <c>FILE</c> or <c>FILE:STRENGTH</c>.</summary>
public static class AdapterArgument
{
    /// <summary>Takes the text apart at its last colon, unless that is a Windows drive's or stands in the name of what is there. The
    /// strength is 1 where it is left out.</summary>
    /// <returns>null and a message if the strength is not a number.</returns>
    public static (AdapterChoice? Choice, string? Fault) Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        bool isHub = HubName.IsMeant(text);
        if (colon < 0 || IsDrive(text, colon) || isHub && colon < HubName.Prefix.Length) return Checked(text, isHub);
        var (path, strength) = (text[..colon], text[(colon + 1)..]);
        // A name may end as a strength does: it is one where that file is there and the shorter name's is not.
        bool isName = !isHub && Path.Exists(text) && !Path.Exists(path);
        if (isName) return (new(text), null);
        if (path.Length > 0 && Number(strength) is { } value) return Checked(path, isHub, value);
        return (null, $"In {text}, '{strength}' is not a strength. " +
            "Write a number behind the last colon, as in NAME.safetensors:0.8, or leave it out.");
    }

    static (AdapterChoice? Choice, string? Fault) Checked(string path, bool isHub, double strength = 1) =>
        isHub && HubName.Parse(path).Fault is { } fault ? (null, fault) : (new(path, strength), null);

    /// <summary>A finite number; null where the text is none.</summary>
    public static double? Number(string text)
    {
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        return isNumber && double.IsFinite(value) ? value : null;
    }

    static bool IsDrive(string text, int colon) => colon == 1 && char.IsAsciiLetter(text[0]) && text.Length > 2 && text[2] is '\\' or '/';
}
