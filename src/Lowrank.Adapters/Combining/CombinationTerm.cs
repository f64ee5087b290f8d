namespace Lowrank.Adapters;

/// <summary>One adapter's change at a target, with its weight.</summary>
sealed record CombinationTerm(Reparameterization Change, double Weight, string Adapter)
{
    public void Refuse(Target target)
    {
        if (!Change.Target.WeightShape.AsSpan().SequenceEqual(target.WeightShape))
            throw new LowrankException($"{Adapter} was made for another weight: {Change.Target}, and the others for {target}. Are the adapters made for one base model?");
    }
}
