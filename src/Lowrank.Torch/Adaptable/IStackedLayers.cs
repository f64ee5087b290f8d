namespace Lowrank.Torch;

/// <summary>A module whose parameters hold several matrices each, every one of them a layer that can be adapted: experts.</summary>
public interface IStackedLayers
{
    /// <summary>The matrices, stack by stack in the order of the parameters, below the module as in <c>3.down_proj</c>.</summary>
    IReadOnlyList<StackedMatrix> Matrices { get; }
}
