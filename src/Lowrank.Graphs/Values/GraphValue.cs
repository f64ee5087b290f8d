namespace Lowrank.Graphs;

/// <summary>What flows along a link of a graph. Values are never changed: a node that alters one makes another.</summary>
public abstract record GraphValue
{
    /// <summary>ComfyUI's name of its type: "LATENT", "IMAGE", ...</summary>
    public abstract string Type { get; }

    /// <summary>The tensors in it, which live as long as the node's place in the cache.</summary>
    public virtual IEnumerable<Tensor> Tensors => [];
}
