namespace Lowrank.Adapters;

/// <summary>A branch beside the layer that is no more than the product of two thin factors.</summary>
/// <param name="Down">A, (rank, in), or (rank, in, kernel...) of a convolution; float32, as trained.</param>
/// <param name="Up">B, (out, rank), or with trailing ones; float32, as trained.</param>
/// <param name="Scale">By which the product is multiplied, without the user's strength.</param>
readonly record struct ThinFactors(Tensor Down, Tensor Up, double Scale);
