using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>One number for each block of a model: ranks, alphas, factors of the learning rate.</summary>
/// <remarks>Lists are known by their length; which blocks they name, the model's family tells.</remarks>
public sealed class BlockList
{
    readonly Dictionary<string, double> values;

    BlockList(Dictionary<string, double> values) => this.values = values;

    /// <summary>A list of values for a family of models.</summary>
    /// <param name="field">What they are, for errors.</param>
    /// <param name="numbers">One for each block.</param>
    /// <param name="family">The family of models.</param>
    /// <param name="signed">Whether values below 0 are allowed, as strengths are.</param>
    /// <exception cref="LowrankException">No list of that length is known for the family, or a value is below 0.</exception>
    public static BlockList Of(string field, IReadOnlyList<double> numbers, ModelFamily family, bool signed = false)
    {
        var known = family.BlockLists;
        if (known.FirstOrDefault(blocks => blocks.Count == numbers.Count) is not { } names)
        {
            if (known.Count == 0)
                throw new LowrankException($"{field} gives blocks numbers of their own, and models of {family.Title} have no such lists " +
                    "of blocks: leave it out");
            string lengths = string.Join(", ", known.Select(blocks => blocks.Count));
            throw new LowrankException($"{field} has {numbers.Count} values, and for {family} there are lists of {lengths}");
        }
        foreach (double number in numbers) Check(field, number, signed);
        return new(names.Zip(numbers).ToDictionary());
    }

    static void Check(string field, double number, bool signed)
    {
        if (double.IsFinite(number) && (signed || number >= 0)) return;
        string wanted = signed ? "finite number" : "number of 0 or more";
        throw new LowrankException(string.Create(CultureInfo.InvariantCulture, $"{field} holds {number}, which is no {wanted}"));
    }

    /// <summary>
    /// The value for a layer; null where the list does not name its block. A list may name several blocks as one, without their numbers.
    /// </summary>
    public double? For(TargetPlace place)
    {
        if (place.Block is not { } block) return null;
        if (values.TryGetValue(block, out double value)) return value;
        return values.TryGetValue(block.TrimEnd([.. "0123456789"]), out double several) ? several : null;
    }
}
