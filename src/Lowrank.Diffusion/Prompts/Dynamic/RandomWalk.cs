namespace Lowrank.Diffusion;

/// <summary>Outcomes by chance, heavier ones more often.</summary>
sealed class RandomWalk : EndlessWalk
{
    public static RandomWalk Instance { get; } = new();

    protected override IEnumerable<string> Choice(DynamicNode.Choice choice, DynamicContext context)
    {
        if (AmongValues(choice, context) is { } among) return Choice(among, context);
        var limited = Limited(choice, context);
        return limited.Options switch
        {
            [] => [],
            [var only] => context.Outcomes(only.Node),
            _ => Drawn(limited, context),
        };
    }

    static IEnumerable<string> Drawn(DynamicNode.Choice choice, DynamicContext context)
    {
        while (true)
        {
            var left = choice.Options.ToList();
            var taken = new List<string>();
            for (int count = context.Source.Dice.Between(choice.Least, choice.Most); count > 0; count--)
            {
                int place = context.Source.Dice.Pick([.. left.Select(option => option.Weight)]);
                taken.Add(context.First(left[place].Node));
                left.RemoveAt(place);
            }
            yield return Joined(taken, choice.Between);
        }
    }

    protected override IEnumerable<string> Wildcard(DynamicNode.Wildcard wildcard, DynamicContext context)
    {
        string path = context.First(wildcard.Path);
        var inner = context.With(wildcard.Variables);
        var values = context.Source.Values(path);
        double[] weights = [.. values.Select(value => value.Weight)];
        while (true)
        {
            if (values.Count == 0) yield return SignOf(path);
            else foreach (string outcome in inner.OutcomesOf(values[context.Source.Dice.Pick(weights)].Text).Take(1)) yield return outcome;
        }
    }
}
