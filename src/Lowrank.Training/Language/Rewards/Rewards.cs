using System.Globalization;
using System.Text.Json;

namespace Lowrank.Training;

/// <summary>Every reward that a recipe can name, as NAME or NAME:WHAT.</summary>
public static class Rewards
{
    static readonly NamedList<RewardDescriptor> list = new(
        "reward", reward => [reward.Name],
        new RewardDescriptor("exact_match", "1 where the answer is that of a column: exact_match, exact_match:COLUMN",
            what => what.Length > 0 ? new ExactMatchReward(what) : new ExactMatchReward()),
        new RewardDescriptor("pattern", "1 where a regular expression is found in the answer: pattern:^[0-9]+$",
            what => new PatternReward(what)),
        new RewardDescriptor("json", "1 where the answer is JSON, of a schema if its file is named: json, json:schema.json",
            what => new JsonReward(what.Length > 0 ? Schema(what) : null)),
        new RewardDescriptor("length", "1 where the answer has so many words, less beyond: length:20-60", Length),
        new RewardDescriptor("program", "the number that a program says: program:python3 score.py", Program),
        new RewardDescriptor("model", "the score of a reward model: model:FOLDER", what => new OwnedModelReward(what)));

    /// <summary>The list.</summary>
    public static IReadOnlyList<RewardDescriptor> All => list.All;

    /// <summary>Adds a reward, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or a name is taken.</exception>
    public static void Add(RewardDescriptor reward) => list.Add(reward);

    /// <summary>The reward that a text names; dispose of one that is disposable.</summary>
    /// <param name="text">NAME, or NAME:WHAT.</param>
    /// <exception cref="LowrankException">There is none of that name (the nearest are told), or what stands behind it does not
    /// do.</exception>
    public static IReward Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? list.Named(text.Trim()).Create("") : list.Named(text[..colon].Trim()).Create(text[(colon + 1)..]);
    }

    static JsonElement Schema(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            return json.RootElement.Clone();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new LowrankException($"the reward's schema {path} cannot be read: {JsonFault.Of(fault)}", fault);
        }
    }

    static LengthReward Length(string what)
    {
        string[] bounds = what.Split('-', StringSplitOptions.TrimEntries);
        var (least, most) = (Whole(bounds[0]), Whole(bounds[^1]));
        return bounds.Length == 2 && least is { } few && most is { } many ? new(few, many)
            : throw new LowrankException($"length is \"{what}\", and from how many words to how many is wanted: length:20-60");
    }

    static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    static ProgramReward Program(string what)
    {
        string[] words = what.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(words is [var program, ..] ? program : "", words.Length > 1 ? words[1..] : []);
    }
}
