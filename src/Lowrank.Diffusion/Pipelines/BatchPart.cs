using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>Pictures of a batch for which one generator draws, all at once: each is known by its place in it.</summary>
/// <param name="Size">Pictures of the whole batch.</param>
/// <param name="Numbers">Which of them are made, from 0.</param>
public sealed record BatchPart(int Size, IReadOnlyList<int> Numbers)
{
    /// <summary>What pictures' texts call it.</summary>
    public const string Field = "Batch picture";

    /// <summary>How a picture's text tells the place of one of those made: "3 of 4".</summary>
    public string TextOf(int picture) => string.Create(CultureInfo.InvariantCulture, $"{Numbers[picture] + 1} of {Size}");

    /// <summary>Reads what a picture's text tells; null where it is none.</summary>
    public static BatchPart? Read(string text)
    {
        int?[] numbers = [.. text.Split(" of ").Select(PlainValue.ReadWhole)];
        return numbers is [> 0 and var number, { } size] && number <= size ? new(size, [number - 1]) : null;
    }
}
