namespace Lowrank.Torch;

/// <summary>The ways around libtorch's kernels that <see cref="Layers.Attention"/> and <see cref="ConvolutionProduct"/> take where those are
/// slow.</summary>
static class OwnRoads
{
    /// <summary>Whether this thread leaves all to libtorch's kernels: the side that a measurement compares with.</summary>
    [ThreadStatic] internal static bool Closed;
}
