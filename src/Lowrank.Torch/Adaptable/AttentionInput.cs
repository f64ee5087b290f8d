namespace Lowrank.Torch;

/// <summary>What an attention module of TorchSharp is asked.</summary>
/// <param name="Query">(L, batch, channels).</param>
/// <param name="Key">(S, batch, channels of keys).</param>
/// <param name="Value">(S, batch, channels of values).</param>
/// <param name="Padding">(batch, S): true for keys that nobody sees; null for none.</param>
/// <param name="Mask">(L, S): what is added to the scores; null for none.</param>
sealed record AttentionInput(Tensor Query, Tensor Key, Tensor Value, Tensor? Padding, Tensor? Mask);
