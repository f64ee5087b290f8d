namespace Lowrank.Graphs;

/// <summary>Is told what nodes do while they sample. Tensors are lent: keep clones.</summary>
public class SamplingWatch
{
    /// <summary>A node begins to sample.</summary>
    /// <param name="node">Its id.</param>
    /// <param name="sigmas">The levels that it will go through.</param>
    /// <param name="noise">The noise that it starts with, as drawn: not scaled yet.</param>
    public virtual void Begins(string node, IReadOnlyList<float> sigmas, Tensor noise)
    {
    }

    /// <summary>The sampler drew noise after the start.</summary>
    public virtual void Draws(Tensor noise)
    {
    }

    /// <summary>The noise that is mixed in outside a noise mask, where it is another than the start's.</summary>
    public virtual void MixesIn(Tensor noise)
    {
    }

    /// <summary>The network was asked.</summary>
    /// <param name="sigma">The level.</param>
    /// <param name="denoised">The clean estimate after guidance, in the network's units.</param>
    public virtual void Estimates(double sigma, Tensor denoised)
    {
    }

    /// <summary>The node is done.</summary>
    public virtual void Ends()
    {
    }
}
