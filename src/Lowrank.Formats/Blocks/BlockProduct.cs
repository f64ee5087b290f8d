namespace Lowrank.Formats;

/// <summary>x Wᵀ for few rows of x and a weight in blocks, which is never decoded whole: what text is made with, token by token.</summary>
readonly unsafe struct BlockProduct
{
    /// <summary>Rows of x beyond which decoding the weight first is faster.</summary>
    internal const int MostRows = 8;

    /// <summary>x, (rows, inputs).</summary>
    internal float* X { get; init; }

    /// <summary>The weight, (outputs, inputs) in blocks.</summary>
    internal byte* Blocks { get; init; }

    /// <summary>(rows, outputs).</summary>
    internal float* Answer { get; init; }

    internal int Rows { get; init; }

    internal long Inputs { get; init; }

    internal long Outputs { get; init; }

    /// <summary>Whether the product is computed so.</summary>
    internal static bool Suits(BlockFormat format, long rows) => format.IsQuantized && rows <= MostRows && BlockLanes.AreSupported;
}
