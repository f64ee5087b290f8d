namespace Lowrank.Torch;

/// <summary>The ways of ours around libtorch's kernels where those are slow (<see cref="Layers.Attention"/>,
/// <see cref="ConvolutionProduct"/>, <see cref="ConvolutionTiles"/>, <see cref="LinearProduct"/>, the kernels), and a block in which a
/// thread takes none of them: the side that tests and measurements compare with.</summary>
static class OwnRoads
{
    [ThreadStatic] static bool closed;

    /// <summary>Whether this thread leaves all to libtorch.</summary>
    public static bool AreClosed => closed;

    /// <summary>Opens a block that leaves all to libtorch.</summary>
    public static Block Close() => new(closed = true);

    /// <summary>The block.</summary>
    public readonly struct Block(bool isOpen) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => closed &= !isOpen;
    }
}
