namespace Lowrank.Workbench;

/// <summary>
/// An adapter that pictures are drawn with, as typed: <c>FILE[:STRENGTH][:te=S][:unet=S][:step=FROM-TO]...</c>, what stands behind the
/// file being as in a prompt's tag (<see cref="AdapterTag"/>). A strength may change on the way (<see cref="StrengthSchedule"/>).
/// </summary>
public static class DrawnAdapterArgument
{
    /// <summary>Takes a text apart; a plain strength alone gives an <see cref="AdapterChoice"/>, anything else a tag's.</summary>
    /// <returns>null and a message if a piece is not understood.</returns>
    public static (AdapterChoice? Choice, string? Fault) Parse(string text)
    {
        var settings = new List<string>();
        string rest = text;
        while (TryTakeSetting(ref rest, out string setting)) settings.Insert(0, setting);
        int colon = rest.LastIndexOf(':');
        bool isHubs = colon == HubName.Prefix.Length - 1 && HubName.IsMeant(rest);
        bool isScheduled = colon > 0 && !isHubs && StrengthSchedule.Read(rest[(colon + 1)..]) is not null && !File.Exists(rest);
        if (isScheduled) return Tagged(text, rest[..colon], rest[(colon + 1)..], settings);
        var (choice, fault) = AdapterArgument.Parse(rest);
        if (choice is null || settings.Count == 0) return (choice, fault);
        return Tagged(text, choice.Path, PlainValue.Text(choice.Strength), settings);
    }

    // Of a tag the UNet follows the text encoders; a file has its strength wherever no part is named.
    static (AdapterChoice? Choice, string? Fault) Tagged(string text, string path, string strength, IReadOnlyList<string> settings)
    {
        bool hasTextAlone = settings.Any(IsOfText) && !settings.Any(setting => setting.StartsWith("unet=", StringComparison.Ordinal));
        string[] strengths = hasTextAlone ? [strength, strength] : [strength];
        try
        {
            var tag = AdapterTag.Of(new(PromptTag.UsualKind, [PlaceName.Of(path), .. strengths, .. settings]));
            if (tag.Unread.Count == 0) return (new TaggedAdapter(path, tag), null);
            return (null, $"In {text}, {string.Join(", ", tag.Unread)} means nothing. " +
                "Settings are te=, unet=, dyn=, lbw=, x=, lbwe=, start=, stop= and step=.");
        }
        catch (LowrankException error)
        {
            return (null, $"In {text}: {error.Message}");
        }
    }

    static bool IsOfText(string setting) => setting.StartsWith("te=", StringComparison.Ordinal);

    // Takes ":name=value" from the end of a text, if that is how it ends.
    static bool TryTakeSetting(ref string text, out string setting)
    {
        setting = "";
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || File.Exists(text)) return false;
        string piece = text[(colon + 1)..];
        bool isSetting = piece.IndexOf('=') > 0 && !piece.Contains('/') && !piece.Contains('\\');
        if (isSetting) (setting, text) = (piece, text[..colon]);
        return isSetting;
    }
}
