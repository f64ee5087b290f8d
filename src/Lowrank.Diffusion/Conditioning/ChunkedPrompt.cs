namespace Lowrank.Diffusion;

/// <summary>A prompt as the text encoder takes it.</summary>
/// <param name="Chunks">Its chunks, one at least.</param>
/// <param name="Tokens">Tokens, as the program counts them that reads prompts so; begin and end do not count.</param>
public sealed record ChunkedPrompt(IReadOnlyList<TokenChunk> Chunks, int Tokens);
