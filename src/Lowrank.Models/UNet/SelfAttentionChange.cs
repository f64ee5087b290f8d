namespace Lowrank.Models;

/// <summary>Gives another answer of self-attention, (B, T, C); the output projection follows.</summary>
/// <param name="call">The call; its tensors live until the answer is given, and may be the answer.</param>
public delegate Tensor SelfAttentionChange(SelfAttentionCall call);
