using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>How a picture was made, in the words of AUTOMATIC1111's infotext: what it writes into a PNG under <c>parameters</c>.</summary>
/// <param name="Prompt">May have several lines.</param>
/// <param name="NegativePrompt">Empty for none.</param>
/// <param name="Fields">What stands in the last line, in its order: "Steps", "Sampler", "CFG scale", "Seed", "Size", ...</param>
public sealed partial record InfoText(string Prompt, string NegativePrompt, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    const string NegativeMark = "Negative prompt:";

    /// <summary>A field of the last line; null if it is not there.</summary>
    public string? this[string field] => Fields.Where(f => f.Key == field).Select(f => f.Value).FirstOrDefault();

    /// <summary>A field as a number; null if it is not there, or is none.</summary>
    public double? Number(string field) =>
        double.TryParse(this[field], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>Width and height; null if "Size" is not there, or is no WxH.</summary>
    public (int Width, int Height)? Size
    {
        get
        {
            if (this["Size"]?.Split('x') is not [var across, var down]) return null;
            return int.TryParse(across, out int width) && int.TryParse(down, out int height) ? (width, height) : null;
        }
    }

    /// <summary>The text.</summary>
    public string Format()
    {
        var text = new StringBuilder(Prompt);
        if (NegativePrompt.Length > 0) text.Append('\n').Append(NegativeMark).Append(' ').Append(NegativePrompt);
        if (Fields.Count > 0) text.Append('\n').AppendJoin(", ", Fields.Select(f => $"{f.Key}: {Quoted(f.Value)}"));
        return text.ToString();
    }

    /// <summary>Reads a text back. A last line with fewer than three fields belongs to the prompt.</summary>
    public static InfoText Parse(string text)
    {
        var lines = text.Trim().Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var fields = Field().Matches(lines[^1]);
        if (fields.Count < 3) fields = Field().Matches("");
        else lines.RemoveAt(lines.Count - 1);
        int mark = lines.FindIndex(line => line.TrimStart().StartsWith(NegativeMark, StringComparison.Ordinal));
        var prompt = mark < 0 ? lines : lines.Take(mark);
        var negative = mark < 0 ? [] : lines.Skip(mark).Select((line, i) => i == 0 ? line.TrimStart()[NegativeMark.Length..] : line);
        var last = fields.Select(field => KeyValuePair.Create(field.Groups[1].Value, Unquoted(field.Groups[2].Value)));
        return new InfoText(Joined(prompt), Joined(negative), [.. last]);

        static string Joined(IEnumerable<string> lines) => string.Join('\n', lines).Trim();
    }

    static string Quoted(string value)
    {
        bool isPlain = value.AsSpan().IndexOfAny(",:\n\"") < 0;
        return isPlain ? value : $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
    }

    static string Unquoted(string value)
    {
        if (value is not ['"', .., '"']) return value.Trim();
        try
        {
            using var document = JsonDocument.Parse(value);
            return document.RootElement.GetString() ?? value;
        }
        catch (JsonException)
        {
            return value;   // written by somebody who quotes otherwise: taken as it stands
        }
    }

    [GeneratedRegex("""\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)""")]
    private static partial Regex Field();
}
