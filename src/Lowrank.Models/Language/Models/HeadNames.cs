namespace Lowrank.Models;

/// <summary>What body and head of a causal model are called.</summary>
/// <param name="Body">The body.</param>
/// <param name="Head">The head over the vocabulary.</param>
/// <param name="HasBias">Whether that has a bias.</param>
sealed record HeadNames(string Body = "model", string Head = "lm_head", bool HasBias = false);
