namespace Lowrank.Models;

/// <summary>What every block of a UNet is told.</summary>
/// <param name="Time">silu of the time embedding, (B, time channels): each resnet wants it so, and it is computed once.</param>
/// <param name="Context">Encoded text, (B, S, context channels).</param>
/// <param name="Checkpointed">Whether resnets and transformers drop their intermediates and compute them again in backward.</param>
/// <param name="Changes">What is done otherwise in this run.</param>
sealed record Conditions(Tensor Time, Tensor Context, bool Checkpointed, UNetChanges Changes)
{
    /// <summary>The resnet's answer.</summary>
    public Tensor Through(ResnetBlock2D resnet, Tensor x) =>
        Checkpointed ? Checkpoint.Run(inputs => resnet.call(inputs[0], inputs[1]), x, Time) : resnet.call(x, Time);

    /// <summary>The transformer's answer.</summary>
    public Tensor Through(Transformer2D transformer, Tensor x, SelfAttentionChange? change = null) => Checkpointed
        ? Checkpoint.Run(inputs => transformer.call(inputs[0], inputs[1], change), x, Context)
        : transformer.call(x, Context, change);
}
