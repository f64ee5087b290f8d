using System.Numerics;

namespace Lowrank.Language;

/// <summary>How much a template may ask for before it is stopped: far beyond what any conversation needs, far below what hurts.</summary>
static class TemplateLimits
{
    /// <summary>Rounds of loops and calls of macros in one rendering.</summary>
    public const int Rounds = 2_000_000;

    /// <summary>UTF-16 units of one text, and items of one list.</summary>
    public const int Length = 64 << 20;

    /// <summary>Macros and loops that call themselves, one within the other.</summary>
    public const int Depth = 200;

    /// <summary>Lists, tuples and dicts within each other that are written or compared; CPython ends near there too.</summary>
    public const int ValueDepth = 1000;

    /// <summary>Signs before a value, links of a chain and statements with a body, one within the other; a bracket counts as
    /// <see cref="Bracket"/> of them, as much as it takes of the stack.</summary>
    /// <remarks>
    /// jinja2 3.1.6 under CPython 3.11 ends at 69 to 75 brackets within each other, at chains of 197 links and at 98 conditions.
    /// </remarks>
    public const int Nesting = 200, Bracket = 2;

    /// <summary>Numbers in a range, as the sandbox of Jinja has it.</summary>
    public const int Range = 100_000;

    const int Bits = 1 << 16;

    /// <summary>That depth, if it is allowed.</summary>
    /// <param name="depth">How many stand within each other.</param>
    /// <param name="line">Line of the innermost.</param>
    /// <param name="column">Its column.</param>
    public static int CheckedNesting(int depth, int line, int column)
    {
        if (depth <= Nesting) return depth;
        string told = $"what stands within each other is too deep to be read: {Nesting} levels are allowed, a bracket is {Bracket}";
        throw new TemplateFault(TemplateFault.Recursion, told).At(line, column);
    }

    /// <summary>That length, if it is allowed.</summary>
    public static int Checked(long length) => length <= Length ? (int)Math.Max(0, length) : throw new TemplateFault(
        TemplateFault.Memory, $"a text or list of {length} parts, where {Length} are allowed");

    /// <summary>That number, if it is of a size that anybody needs.</summary>
    public static BigInteger Checked(BigInteger number) => BigInteger.Abs(number).GetBitLength() <= Bits ? number : throw new TemplateFault(
        TemplateFault.Overflow, $"a whole number of more than {Bits} bits");
}
