using System.Globalization;
using Lowrank.Adapters;

namespace Lowrank.Cli;

/// <summary>An adapter to be merged, as typed: <c>FILE[:STRENGTH][:unet=S][:te=S][:lbw=1,0,...]</c>, as prompts of AUTOMATIC1111 name them.</summary>
/// <param name="Path">The file or PEFT folder.</param>
/// <param name="Strength">Multiplier of all.</param>
/// <param name="Components">Multipliers of components in its place.</param>
/// <param name="Blocks">Multipliers of blocks; null weighs all alike.</param>
sealed record MergeArgument(string Path, double Strength, IReadOnlyDictionary<string, double> Components, IReadOnlyList<double>? Blocks)
{
    const string Form = "Write FILE[:STRENGTH][:unet=S][:te=S][:lbw=1,0.5,...], as in my-style.safetensors:0.8:te=0.";

    static readonly Dictionary<string, string[]> components = new()
    {
        ["unet"] = ["unet"], ["te"] = ["text_encoder", "text_encoder_2"], ["te1"] = ["text_encoder"], ["te2"] = ["text_encoder_2"],
    };

    /// <summary>Whether it has more than one strength.</summary>
    public bool HasParts => Components.Count > 0 || Blocks is not null;

    /// <summary>Takes a text apart.</summary>
    /// <returns>null and a message if a piece is not understood.</returns>
    public static (MergeArgument? Argument, string? Fault) Parse(string text)
    {
        var parts = new Dictionary<string, double>();
        double[]? blocks = null;
        string rest = text;
        while (rest.LastIndexOf(':') is > 0 and var colon && rest[(colon + 1)..] is var piece && piece.IndexOf('=') is > 0 and var equals && !piece.Contains(System.IO.Path.DirectorySeparatorChar))
        {
            var (name, value) = (piece[..equals], piece[(equals + 1)..]);
            if (name == "lbw")
            {
                blocks = Numbers(value);
                if (blocks is null) return (null, $"In {text}, '{value}' is no list of numbers. {Form}");
            }
            else if (components.TryGetValue(name, out var named) && Numbers(value) is [var one])
                foreach (string component in named) parts[component] = one;
            else return (null, $"In {text}, '{piece}' is not understood. {Form}");
            rest = rest[..colon];
        }
        var (argument, fault) = AdapterArgument.Parse(rest);
        return argument is null ? (null, fault) : (new(argument.Path, argument.Strength, parts, blocks), null);
    }

    /// <summary>The term that it means.</summary>
    /// <exception cref="LowrankException">A list of blocks of a length that the family does not have.</exception>
    public MergeTerm Term(Adapter adapter, string family) => new(adapter, Strength)
    {
        Components = Components,
        Blocks = Blocks is null ? null : BlockList.Of($"lbw of {Path}", Blocks, family, signed: true),
    };

    static double[]? Numbers(string text)
    {
        var numbers = text.Split(',').Select(number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : (double?)null).ToList();
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }
}
