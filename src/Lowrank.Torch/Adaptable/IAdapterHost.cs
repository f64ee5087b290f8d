namespace Lowrank.Torch;

/// <summary>What sits in an adaptable layer's slot and answers in its place.</summary>
public interface IAdapterHost
{
    /// <summary>The adapted answer of <paramref name="layer"/> for <paramref name="x"/>.</summary>
    Tensor Forward(Tensor x, IAdaptable layer);

    /// <summary>The same where the layer has given its own <paramref name="answer"/> already, so that it need not be asked again.</summary>
    Tensor Forward(Tensor x, IAdaptable layer, Tensor answer) => Forward(x, layer);

    /// <summary>What tells whether the host would answer a call that is made now as it did: of two that are equal, it would. Null where
    /// nobody can say, and where it must be asked at every call.</summary>
    object? Standing => null;

    /// <summary>What the host adds to the layer's own answer for few tokens, now; null where it does otherwise than adding, or must be
    /// asked by <see cref="Forward(Tensor, IAdaptable)"/>.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="dtype">In which the model computes.</param>
    IRowBranch? BranchOf(IAdaptable layer, ScalarType dtype) => null;

    /// <summary>The layer lies on another device now, and what the host holds goes along.</summary>
    void MoveTo(Device device) { }

    /// <summary>
    /// The adapted weight, with its history, and the bias of a <paramref name="layer"/> that can only be run with what stands in the place
    /// of its own; null where those are to stay.
    /// </summary>
    /// <exception cref="LowrankException">The host cannot say it by weights.</exception>
    (Tensor Weight, Tensor? Bias)? Adapted(IAdaptable layer) =>
        throw new LowrankException($"a {GetType().Name} cannot adapt a layer through its weight");
}
