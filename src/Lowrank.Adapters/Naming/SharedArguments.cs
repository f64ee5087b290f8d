namespace Lowrank.Adapters;

/// <summary>Options that every method has, under the names by which LyCORIS and kohya ask for them.</summary>
public static class SharedArguments
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<MethodArgument> All { get; } =
    [
        MethodArgument.Switch<MethodOptions>(
            "rs_lora", "scale alpha/sqrt(rank) in place of alpha/rank (false)",
            (o, on) => o with { RankStabilized = on }),
        MethodArgument.Switch<MethodOptions>(
            "dora_wd", "DoRA along the output axis, or what wd_on_output says (false)",
            (o, on) => o with { Dora = on ? o.Dora ?? DoraAxis.Output : null }),
        MethodArgument.Switch<MethodOptions>(
            "wd_on_output", "DoRA along the output axis; false takes the input axis (true)",
            (o, on) => o with { Dora = on ? DoraAxis.Output : DoraAxis.Input }),
        MethodArgument.Switch<MethodOptions>(
            "dora_detach_norm", "DoRA's norm passes no gradient, as in the paper and PEFT (false)",
            (o, on) => o with { DetachDoraNorm = on }),
        MethodArgument.Switch<MethodOptions>(
            "use_scalar", "a trained number, 0 at first, multiplies the change (false)",
            (o, on) => o with { LearnedScalar = on }),
        MethodArgument.Number<MethodOptions>(
            "dropout", "share of activations that is dropped, 0 to below 1 (0)",
            (o, share) => o with { Dropout = share }),
        MethodArgument.Number<MethodOptions>(
            "rank_dropout", "share of ranks that is dropped, 0 to below 1 (0)",
            (o, share) => o with { RankDropout = share }),
        MethodArgument.Switch<MethodOptions>(
            "rank_dropout_scale", "rank dropout divides what it leaves by the mean of its mask (false)",
            (o, on) => o with { RankDropoutScale = on }),
        MethodArgument.Switch<MethodOptions>(
            "bypass_mode", "LyCORIS's dropouts as in its bypass mode (false)",
            (o, on) => o with { DropoutStyle = on ? DropoutStyle.LycorisBypass : DropoutStyle.Lycoris }),
        MethodArgument.Number<MethodOptions>(
            "lora_dropout", "PEFT's dropout, on what the adapter is asked, 0 to below 1 (0)",
            (o, share) => o with { Dropout = share, DropoutStyle = DropoutStyle.Peft }),
        MethodArgument.Word<MethodOptions>(
            "dropout_style", "whose dropouts are meant: kohya, lycoris, lycoris-bypass or peft",
            [.. DropoutStyle.All.Select(style => style.Name)],
            (o, word) => o with { DropoutStyle = DropoutStyle.Named(word) }),
        MethodArgument.Number<MethodOptions>(
            "module_dropout", "chance that a layer's adapter is left out of a step, 0 to below 1 (0)",
            (o, share) => o with { ModuleDropout = share }),
    ];
}
