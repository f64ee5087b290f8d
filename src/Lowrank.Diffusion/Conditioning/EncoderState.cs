using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Which of a text encoder's states a denoising network is told.</summary>
/// <param name="FromEnd">The layer, counted from the end: 1 is the last.</param>
/// <param name="Normed">Whether the final norm is applied to it.</param>
public readonly record struct EncoderState(int FromEnd, bool Normed)
{
    /// <summary>The state (B, T, C) of an answer.</summary>
    public Tensor Of(ClipTextModel encoder, ClipTextOutput output)
    {
        if (!Normed) return output.HiddenStates[^FromEnd];
        return FromEnd == 1 ? output.LastHiddenState : encoder.FinalNorm(output.HiddenStates[^FromEnd]);
    }
}
