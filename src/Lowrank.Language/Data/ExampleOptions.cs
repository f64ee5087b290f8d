namespace Lowrank.Language;

/// <summary>How rows of data become examples.</summary>
public sealed record ExampleOptions
{
    /// <summary>The layout; null recognises it.</summary>
    public ExampleLayout? Layout { get; init; }

    /// <summary>Which column of the file stands for which field: prompt → mr. Empty takes the fields by their own names.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether instructions become messages, for a model with a chat template. Default true; false writes Alpaca's text.</summary>
    public bool InstructionsAsChat { get; init; } = true;

    /// <summary>Whether the roles of <c>from</c> stay as written, as TRL leaves them. Default false: human is user, gpt is
    /// assistant.</summary>
    public bool KeepsRoles { get; init; }

    /// <summary>Whether a row whose answer is an empty text is taken, as TRL takes it. Default false: it is left out.</summary>
    public bool KeepsEmptyAnswers { get; init; }

    /// <summary>Reads <c>prompt=mr,completion=refs</c>.</summary>
    /// <exception cref="LowrankException">A part has no equals sign, or names no field.</exception>
    public static IReadOnlyDictionary<string, string> ReadColumns(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == part.Length - 1)
                throw new LowrankException($"\"{part}\" of the columns \"{text}\" is not field=column. As in prompt=mr,completion=refs.");
            string field = part[..at].Trim();
            if (!ExampleFields.All.Contains(field))
                throw new LowrankException($"\"{field}\" of the columns \"{text}\" is no field of a row. Fields are: " +
                    $"{string.Join(", ", ExampleFields.All)}.");
            columns[field] = part[(at + 1)..].Trim();
        }
        return columns;
    }
}
