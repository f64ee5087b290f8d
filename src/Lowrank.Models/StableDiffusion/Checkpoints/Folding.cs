namespace Lowrank.Models;

/// <summary>How a tensor of a diffusers folder lies in a single-file checkpoint.</summary>
public enum Folding
{
    /// <summary>As it is.</summary>
    Same,
    /// <summary>A matrix (out, in) as a 1x1 convolution (out, in, 1, 1).</summary>
    Convolution,
    /// <summary>Transposed: OpenCLIP multiplies from the other side.</summary>
    Transposed,
    /// <summary>The first third of the rows of a joint tensor: the queries.</summary>
    FirstRows,
    /// <summary>The second third: the keys.</summary>
    SecondRows,
    /// <summary>The last third: the values.</summary>
    ThirdRows,
}
