namespace Lowrank.Diffusion;

/// <summary>One value of a wildcard.</summary>
/// <param name="Text">A dynamic prompt in turn.</param>
/// <param name="Weight">How often it is drawn beside the others; 1 is usual.</param>
public sealed record WildcardValue(string Text, double Weight = 1);
