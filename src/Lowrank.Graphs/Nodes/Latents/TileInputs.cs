using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>The inputs that say how an autoencoder works in tiles.</summary>
static class TileInputs
{
    /// <summary>Size and overlap in pixels, and the same in frames, which pictures have none of.</summary>
    /// <param name="step">By how much a click changes the size.</param>
    public static IReadOnlyList<NodeInput> Of(int step) =>
    [
        new WholeInput("tile_size", 512, 64, 4096, step),
        new WholeInput("overlap", 64, 0, 4096, 32),
        Frames("temporal_size", 64, 8),
        Frames("temporal_overlap", 8, 4),
    ];

    static WholeInput Frames(string name, int value, int min)
    {
        const string why = "is not used: it is for video, and these are pictures";
        return new(name, value, min, 4096, 4) { Remark = written => written is BigInteger number && number != value ? why : null };
    }
}
