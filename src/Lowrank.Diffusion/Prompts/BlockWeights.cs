using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>Weights of a network's blocks, as the extension LoRA block weight reads them: "1,0,0,0.5,…" or the name of a preset.</summary>
/// <remarks>
/// Source: hako-mikan/sd-webui-lora-block-weight at b403cb7, lora_block_weight.py. Lists have 26 or 17 values for SD 1 and 2, 20 or 12 for
/// XL; a block that a list does not name weighs 0, and what lies in no block (embeddings of time, the last layers) 1.
/// </remarks>
public sealed class BlockWeights
{
    static readonly IReadOnlyList<IReadOnlyList<string>> lists =
    [
        [Base, .. Numbered("IN", 0, 12), Middle, .. Numbered("OUT", 0, 12)],
        [Base, "IN01", "IN02", "IN04", "IN05", "IN07", "IN08", Middle, .. Numbered("OUT", 3, 9)],
        [Base, .. Numbered("IN", 0, 9), Middle, .. Numbered("OUT", 0, 9)],
        [Base, "IN04", "IN05", "IN07", "IN08", Middle, .. Numbered("OUT", 0, 6)],
    ];

    const string Base = "BASE", Middle = "MID";

    readonly Dictionary<string, double> values;

    BlockWeights(IReadOnlyList<string> names, IReadOnlyList<double> numbers) => values = names.Zip(numbers).ToDictionary();

    /// <summary>The extension's presets by their names, for the 17 blocks of SD 1 and 2.</summary>
    public static IReadOnlyDictionary<string, string> Presets { get; } = new Dictionary<string, string>
    {
        ["NONE"] = "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
        ["ALL"] = "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
        ["INS"] = "1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0",
        ["IND"] = "1,0,0,0,1,1,1,0,0,0,0,0,0,0,0,0,0",
        ["INALL"] = "1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0",
        ["MIDD"] = "1,0,0,0,1,1,1,1,1,1,1,1,0,0,0,0,0",
        ["OUTD"] = "1,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0,0",
        ["OUTS"] = "1,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1,1",
        ["OUTALL"] = "1,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1",
        ["ALL0.5"] = "0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5",
    };

    /// <summary>Reads a list or a preset's name.</summary>
    /// <param name="text">
    /// Values with commas: a number, R for one of 0 to 1 by chance, U for one of −0.5 to 1.5, X for <paramref name="x"/>, X+0.1, X-0.1.
    /// </param>
    /// <param name="x">What X stands for.</param>
    /// <param name="seed">Settles chance.</param>
    /// <exception cref="LowrankException">No preset of that name, a list of a length that none has, or no value.</exception>
    public static BlockWeights Read(string text, double x = 1, long seed = 0)
    {
        string[] items = [.. Presets.GetValueOrDefault(text, text).Split(',').Select(item => item.Trim())];
        if (items.Length == 1)
            throw new LowrankException($"\"{text}\" is no preset of block weights. There are {string.Join(", ", Presets.Keys)}.");
        if (lists.FirstOrDefault(list => list.Count == items.Length) is not { } names)
            throw new LowrankException(
                $"Block weights have {items.Length} values. There are lists of 26 and 17 for SD 1 and 2, of 20 and 12 for XL.");
        var dice = new Dice(seed);
        return new(names, [.. items.Select(item => Value(item, x, dice))]);
    }

    /// <summary>The weight of a block, IN04, MID or OUT11, BASE for text encoders.</summary>
    /// <param name="block">Its name; null for what lies in none.</param>
    public double For(string? block)
    {
        if (block is null or "EMB" or "END") return 1;
        return values.GetValueOrDefault(block.StartsWith(Middle, StringComparison.Ordinal) ? Middle : block);
    }

    static double Value(string item, double x, Dice dice) => item switch
    {
        "R" => Math.Round(dice.Next(), 3),
        "U" => Math.Round(dice.Next() * 2 - 0.5, 3),
        ['X', '+', .. var more] when PythonNumbers.Float(more) is { } add => x + add,
        ['X', '-', .. var less] when PythonNumbers.Float(less) is { } take => x - take,
        "X" => x,
        _ => PythonNumbers.Float(item) is { } number && double.IsFinite(number) ? number : throw new LowrankException(
            $"\"{item}\" is no weight of a block. Write a number, R, U, X, X+0.1 or X-0.1."),
    };

    static IEnumerable<string> Numbered(string name, int from, int count) =>
        Enumerable.Range(from, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{name}{number:00}"));
}
