namespace Lowrank.Training;

/// <summary>The dropouts of the adapter that training begins with: a run goes on with them where its recipe says nothing else.</summary>
static class FirstDropouts
{
    const string Field = "dropout";

    // Arguments of a method that say how is dropped, or how much.
    static readonly string[] arguments =
        ["dropout", "rank_dropout", "module_dropout", "lora_dropout", "dropout_style", "bypass_mode", "rank_dropout_scale"];

    /// <summary>The recipe with the file's dropouts in the fields that are not set; which ones count is told.</summary>
    /// <exception cref="LowrankException">The file cannot be opened.</exception>
    public static TrainingRecipe Filled(TrainingRecipe recipe, Account account)
    {
        string path = recipe.Network.InitAdapter;
        if (path.Length == 0) return recipe;
        using var file = AdapterFile.Open(path);
        var told = TrainedDropouts.Of(file.Metadata);
        if (!told.Any) return recipe;
        string fields = string.Join(", ", told.Fields);
        if (Given(recipe.Network) is { Length: > 0 } given)
        {
            if (AreThose(recipe.Network, told)) return recipe;   // as a recipe that was stored with them has it
            account.Leaves(Field, $"{path} was trained with {fields}: the recipe's own count ({given})");
            return recipe;
        }
        var filled = With(recipe.Network, told);
        if (Refused(filled.ToPlan()) is { } reason)
        {
            string left = told.ModuleDropout > 0 ? "only module dropout goes on" : "this run drops nothing";
            account.Leaves(Field, $"{path} was trained with {fields}, and {left}: {reason}");
            // Which every method has.
            return recipe.With<NetworkSection>(section => section with { ModuleDropout = told.ModuleDropout });
        }
        account.Takes(Field, $"goes on with the dropouts of {path}: {fields} (dropout=0 trains without)");
        return recipe.With<NetworkSection>(_ => filled);
    }

    static string Given(NetworkSection network)
    {
        (string Name, double? Share)[] shares =
        [
            ("dropout", network.Dropout), ("rank_dropout", network.RankDropout), ("module_dropout", network.ModuleDropout),
        ];
        var fields = shares.Where(one => one.Share is not null).Select(one => $"{one.Name} {PlainValue.Text(one.Share!.Value)}");
        return string.Join(", ", fields.Concat(network.MethodArgs.Where(text => arguments.Contains(TargetRule.Pair(text).Key))));
    }

    static bool AreThose(NetworkSection network, TrainedDropouts told) =>
        (network.Dropout ?? 0, network.RankDropout ?? 0, network.ModuleDropout ?? 0) == (told.Dropout, told.RankDropout, told.ModuleDropout)
        && told.Arguments.All(network.MethodArgs.Contains);

    static NetworkSection With(NetworkSection network, TrainedDropouts told) => network with
    {
        Dropout = told.Dropout,
        RankDropout = told.RankDropout,
        ModuleDropout = told.ModuleDropout,
        MethodArgs = [.. network.MethodArgs, .. told.Arguments],
    };

    // Why the method, or that of a rule, cannot be trained with them.
    static string? Refused(AdaptationPlan plan)
    {
        var ruled = plan.Rules.Where(rule => rule.Method is not (null or TargetRule.None))
            .Select(rule => (MethodNames.Named(rule.Method!), rule.Arguments));
        foreach (var (named, ownArguments) in ruled.Prepend((plan.Method, plan.Arguments)))
            if (AdapterFactory.RefusesDropouts(named.Method, named.Options(plan.Options, ownArguments)) is { } reason) return reason;
        return null;
    }
}
