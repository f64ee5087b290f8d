namespace Lowrank.Diffusion;

/// <summary>A stream of normal random numbers that a seed determines.</summary>
public interface INormalGenerator : IDisposable
{
    /// <summary>The next numbers of the stream; float32 on the CPU.</summary>
    /// <param name="shape">Their shape. How many are drawn at once may be part of what they are: it is in libtorch's stream.</param>
    Tensor Draw(params long[] shape);
}
