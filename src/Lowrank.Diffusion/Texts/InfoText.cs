using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>How a picture was made, in the words of AUTOMATIC1111's infotext: what it writes into a PNG under <c>parameters</c>.</summary>
/// <param name="Prompt">May have several lines.</param>
/// <param name="NegativePrompt">Empty for none.</param>
/// <param name="Fields">What stands in the last line, in its order: "Steps", "Sampler", "CFG scale", "Seed", "Size", ...</param>
/// <remarks>Read as modules/infotext_utils.py does at 82a973c (1.10.1), written as modules/processing.py, create_infotext.</remarks>
public sealed partial record InfoText(string Prompt, string NegativePrompt, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    internal const string NegativeMark = "Negative prompt:";

    /// <summary>Fields of Lowrank's own that hold prompts whole, where a line of theirs would be taken for something else.</summary>
    public const string WholePrompt = "Whole prompt", WholeNegative = "Whole negative prompt";

    // Fewer of them, and the last line is the prompt's.
    const int FewestFields = 3;

    /// <summary>A field of the last line, the last of its name; null if it is not there.</summary>
    public string? this[string field] => Fields.Where(f => f.Key == field).Select(f => f.Value).LastOrDefault();

    /// <summary>A field as a number; null if it is not there, or is none.</summary>
    public double? Number(string field) =>
        double.TryParse(this[field], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>Width and height; null if "Size" is not there, or is no WxH.</summary>
    public (int Width, int Height)? Size => SizeOf("Size");

    /// <summary>A field as width and height; null if it is not there, or is no WxH.</summary>
    public (int Width, int Height)? SizeOf(string field)
    {
        if (this[field]?.Split('x') is not [var across, var down]) return null;
        return int.TryParse(across, out int width) && int.TryParse(down, out int height) ? (width, height) : null;
    }

    /// <summary>The text.</summary>
    public string Format()
    {
        var text = new StringBuilder(Prompt);
        if (NegativePrompt.Length > 0) text.Append('\n').Append(NegativeMark).Append(' ').Append(NegativePrompt);
        if (Fields.Count > 0) text.Append('\n').AppendJoin(", ", Fields.Select(f => $"{f.Key}: {QuotedValue.InField(f.Value)}"));
        return text.ToString().Trim();
    }

    /// <summary>Whether reading the text brings both prompts back: a line that begins with "Negative prompt:" ends the first.</summary>
    public bool ComesBack => Parse(Format()) is var read && (read.Prompt, read.NegativePrompt) == (Prompt, NegativePrompt);

    /// <summary>The same with fields that hold the prompts whole, where the text alone does not bring them back.</summary>
    public InfoText Kept()
    {
        if (ComesBack) return this;
        var kept = new List<KeyValuePair<string, string>>(Fields) { new(WholePrompt, Prompt) };
        if (NegativePrompt.Length > 0) kept.Add(new(WholeNegative, NegativePrompt));
        return this with { Fields = kept };
    }

    /// <summary>The same with the prompts that fields hold whole (<see cref="Kept"/>), and without those fields.</summary>
    public InfoText Restored() => this[WholePrompt] is not { } prompt ? this : this with
    {
        Prompt = prompt,
        NegativePrompt = this[WholeNegative] ?? "",
        Fields = [.. Fields.Where(field => field.Key is not (WholePrompt or WholeNegative))],
    };

    /// <summary>
    /// Reads a text back, whatever it is: a last line with fewer than three fields belongs to the prompt. Blanks stay where they are.
    /// </summary>
    public static InfoText Parse(string text)
    {
        var lines = text.Trim().Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var fields = Field().Matches(lines[^1]).ToList();
        if (fields.Count < FewestFields) fields.Clear();
        else lines.RemoveAt(lines.Count - 1);
        int mark = lines.FindIndex(BeginsNegative);
        var prompt = mark < 0 ? lines : lines[..mark];
        var negative = mark < 0 ? [] : lines[mark..];
        if (mark >= 0) negative[0] = BehindMark(negative[0]);
        var last = fields.Select(field => KeyValuePair.Create(field.Groups[1].Value, QuotedValue.Read(field.Groups[2].Value)));
        return new InfoText(string.Join('\n', prompt), string.Join('\n', negative), [.. last]);
    }

    /// <summary>Whether a line begins the negative prompt where it stands in a text.</summary>
    public static bool BeginsNegative(string line) => line.TrimStart().StartsWith(NegativeMark, StringComparison.Ordinal);

    // The blank that belongs to the mark goes with it.
    static string BehindMark(string line)
    {
        string behind = line.TrimStart()[NegativeMark.Length..];
        return behind.StartsWith(' ') ? behind[1..] : behind;
    }

    // Python's \w: letters and numbers of any script.
    [GeneratedRegex("""\s*([\p{L}\p{N}_][\p{L}\p{N}_ \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)""")]
    private static partial Regex Field();
}
