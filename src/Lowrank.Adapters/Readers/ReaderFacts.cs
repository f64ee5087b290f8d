namespace Lowrank.Adapters;

/// <summary>Who reads what: what programs were seen to make of the files that are written here.</summary>
/// <remarks>
/// Files of every dialect for a small Stable Diffusion, loaded into diffusers 0.42.1 and 0.35.2, PEFT 0.21.2 and 0.18.0, LyCORIS 4.1.3,
/// sd-scripts 48d368f, ComfyUI a125cd8 and AUTOMATIC1111's Lora extension 1.10.1; merged weights beside those by the formulas. What stands
/// in no line was not tried.
/// </remarks>
public static class ReaderFacts
{
    const string Diffusers = "diffusers", Peft = "PEFT", Merge = "LyCORIS, merge", Forward = "LyCORIS", Scripts = "sd-scripts";
    const string Comfy = "ComfyUI", Automatic = "AUTOMATIC1111";

    // Largest differences, as shares of a layer's change.
    const double PlainLora = 0.74, ComfyDora = 0.12, AutomaticDora = 264;

    const string Lacks = "it takes DoRA for a plain LoRA", Norm = "it divides by the norm of W, not of W + Δ";

    /// <summary>The programs.</summary>
    public static IReadOnlyList<string> Programs { get; } = [Diffusers, Peft, Forward, Merge, Scripts, Comfy, Automatic];

    /// <summary>What is known.</summary>
    public static IReadOnlyList<ReaderFact> All { get; } =
    [
        .. Kohya("kohya"), .. Dora("kohya"), .. Lycoris("kohya"), .. OneTrainer, .. AiToolkit, .. ComfyUi,
        .. OfDiffusers, .. Wrapper, .. OfPeft,
    ];

    static IEnumerable<ReaderFact> Right(string dialect, string kind, params string[] programs) =>
        programs.Select(program => new ReaderFact(dialect, kind, program, Reading.Right));

    static IEnumerable<ReaderFact> Kohya(string dialect) =>
    [
        .. Right(dialect, AdapterKinds.Lora, Diffusers, Forward, Merge, Scripts, Comfy, Automatic),
        .. Right(dialect, AdapterKinds.Locon, Diffusers, Forward, Merge, Comfy, Automatic),
        new(dialect, AdapterKinds.Locon, Scripts, Reading.Partly, Why: "conv_in, conv_out and time_embedding are passed over"),
    ];

    static IEnumerable<ReaderFact> Dora(string dialect) =>
    [
        new(dialect, AdapterKinds.DoraOut, Diffusers, Reading.Wrong, PlainLora, Why: Lacks),
        new(dialect, AdapterKinds.DoraOut, Forward, Reading.Right, OffAtHalf: 0.85, Why: "V·(1 + m(g/‖V‖ − 1))"),
        new(dialect, AdapterKinds.DoraOut, Merge, Reading.Right, OffAtHalf: 0.85, Why: "V·(1 + m(g/‖V‖ − 1))"),
        new(dialect, AdapterKinds.DoraOut, Scripts, Reading.Wrong, PlainLora, Why: Lacks),
        new(dialect, AdapterKinds.DoraOut, Comfy, Reading.Wrong, ComfyDora, Why: Norm),
        new(dialect, AdapterKinds.DoraOut, Automatic, Reading.Wrong, AutomaticDora, Why: "it divides by norms along inputs"),
        .. Right(dialect, AdapterKinds.DoraIn, Comfy, Automatic),
    ];

    // Methods of LyCORIS alone.
    static IEnumerable<ReaderFact> Lycoris(string dialect)
    {
        foreach (string kind in new[] { "loha", "lokr", "glora", "ia3", "diag-oft", "boft", "full" })
        {
            yield return new(dialect, kind, Diffusers, Reading.Refused);
            yield return new(dialect, kind, Scripts, Reading.Nothing);
            foreach (var fact in ByLycoris(dialect, kind)) yield return fact;
            yield return ByComfy(dialect, kind);
            yield return ByAutomatic(dialect, kind);
        }
    }

    static IEnumerable<ReaderFact> ByLycoris(string dialect, string kind) => kind switch
    {
        "ia3" => [new(dialect, kind, Forward, Reading.Refused), new(dialect, kind, Merge, Reading.Refused)],
        "loha" or "lokr" =>
        [
            .. Right(dialect, kind, Forward), new(dialect, kind, Merge, Reading.Wrong, 0.5, Why: "it multiplies by the scale twice"),
        ],
        _ => Right(dialect, kind, Forward, Merge),
    };

    static ReaderFact ByComfy(string dialect, string kind) => kind switch
    {
        "ia3" => new(dialect, kind, Comfy, Reading.Nothing, Why: "it names the keys"),
        "diag-oft" or "boft" => new(dialect, kind, Comfy, Reading.Right, OffAtHalf: 0.5, Why: "it multiplies by the strength twice"),
        _ => new(dialect, kind, Comfy, Reading.Right),
    };

    static ReaderFact ByAutomatic(string dialect, string kind) => kind switch
    {
        "glora" => new(dialect, kind, Automatic, Reading.Nothing, Why: "it counts errors; it knows an older layout"),
        "boft" => new(dialect, kind, Automatic, Reading.Right, OffAtHalf: 0.058, Why: "it multiplies the difference by the strength"),
        _ => new(dialect, kind, Automatic, Reading.Right),
    };

    // What names that diffusers and AUTOMATIC1111 do not know come to.
    static ReaderFact[] Passed(string dialect, string kind) =>
        [new(dialect, kind, Diffusers, Reading.Refused), new(dialect, kind, Automatic, Reading.Nothing)];

    static IEnumerable<ReaderFact> OneTrainer =>
    [
        .. Right("onetrainer", AdapterKinds.Lora, Diffusers, Forward, Merge, Scripts, Comfy, Automatic),
        .. Dora("onetrainer").Where(fact => fact.Kind == AdapterKinds.DoraOut),
    ];

    static IEnumerable<ReaderFact> AiToolkit =>
    [
        .. Right("ai-toolkit", AdapterKinds.Lora, Diffusers, Forward, Merge, Scripts, Comfy, Automatic),
        .. new[] { Diffusers, Forward, Merge }.Select(
            program => new ReaderFact("ai-toolkit", AdapterKinds.DoraOut, program, Reading.Refused)),
        .. new[] { Scripts, Comfy, Automatic }.Select(
            program => new ReaderFact("ai-toolkit", AdapterKinds.DoraOut, program, Reading.Wrong, PlainLora, Why: Lacks)),
    ];

    static IEnumerable<ReaderFact> ComfyUi =>
    [
        .. new[] { AdapterKinds.Lora, AdapterKinds.Locon, "loha", "lokr" }.SelectMany(kind => Right("comfyui", kind, Comfy)),
        new("comfyui", AdapterKinds.DoraOut, Comfy, Reading.Wrong, ComfyDora, Why: Norm),
        .. from kind in new[] { AdapterKinds.Lora, AdapterKinds.Locon, "loha", "lokr", AdapterKinds.DoraOut }
           from fact in Passed("comfyui", kind)
           select fact,
    ];

    static IEnumerable<ReaderFact> OfDiffusers =>
    [
        .. Right("diffusers", AdapterKinds.Lora, Diffusers), .. Right("diffusers", AdapterKinds.Locon, Diffusers),
        new("diffusers", AdapterKinds.DoraOut, Diffusers, Reading.Right, OffAtHalf: PlainLora, Why: "g·V/‖V‖ with V = W + mΔ"),
        .. Right("diffusers-mid", AdapterKinds.Lora, Diffusers),
        new("diffusers", AdapterKinds.Lora, Comfy, Reading.Partly, Why: "52 of 108 layers"),
        new("diffusers-mid", AdapterKinds.Lora, Comfy, Reading.Partly, Why: "52 of 108 layers"),
        .. new[] { AdapterKinds.Lora, AdapterKinds.Locon, AdapterKinds.DoraOut }.Select(
            kind => new ReaderFact("diffusers", kind, Automatic, Reading.Nothing)),
        new("diffusers-mid", AdapterKinds.Lora, Automatic, Reading.Nothing),
    ];

    // LyCORIS's own wrapper of the UNet.
    static IEnumerable<ReaderFact> Wrapper =>
    [
        .. Right("lycoris", AdapterKinds.Lora, Forward, Merge, Comfy), .. Right("lycoris", AdapterKinds.Locon, Forward, Merge, Comfy),
        .. new[] { "loha", "lokr" }.SelectMany(kind => ByLycoris("lycoris", kind)),
        .. Dora("lycoris").Where(fact => fact.Kind == AdapterKinds.DoraOut && fact.Program is Forward or Merge),
        .. from kind in new[] { AdapterKinds.Lora, AdapterKinds.Locon, AdapterKinds.DoraOut, "loha", "lokr" }
           from fact in Passed("lycoris", kind)
           select fact,
    ];

    static IEnumerable<ReaderFact> OfPeft =>
    [
        .. new[] { AdapterKinds.Lora, AdapterKinds.Locon, "loha", "lokr" }.SelectMany(kind => Right("peft", kind, Peft)),
        new("peft", AdapterKinds.DoraOut, Peft, Reading.Right, OffAtHalf: PlainLora, Why: "g·V/‖V‖ with V = W + mΔ"),
        new("peft", "oft", Peft, Reading.Right, OffAtHalf: 1, Why: "its set_scale changes nothing"),
        .. from kind in new[] { AdapterKinds.Lora, AdapterKinds.Locon, AdapterKinds.DoraOut, "loha", "lokr", "oft" }
           from program in new[] { Comfy, Automatic }
           select new ReaderFact("peft", kind, program, Reading.Nothing),
    ];

    /// <summary>
    /// What the user of a file should know before others load it: programs that make another change of it and do not say so, and the choice
    /// that they read.
    /// </summary>
    /// <param name="kinds">What it holds, as of <see cref="AdapterKinds.Of"/>.</param>
    /// <param name="dialect">The dialect in which it is written, by name.</param>
    public static IEnumerable<string> Warnings(IEnumerable<string> kinds, string dialect)
    {
        foreach (string kind in kinds)
        {
            var own = All.Where(fact => fact.Dialect == dialect && fact.Kind == kind).ToList();
            var told = own.Where(fact => fact.Reading == Reading.Wrong).Select(Wrong)
                .Concat(own.Where(fact => fact.OffAtHalf > 0.1).Select(AtHalf)).ToList();
            if (told.Count == 0) continue;
            const string Inputs = "; DoRA along inputs (dora input, wd_on_output=False) is right in ComfyUI and AUTOMATIC1111";
            string choice = kind == AdapterKinds.DoraOut ? Inputs : "";
            yield return $"{kind} in {dialect}'s files is read otherwise by {string.Join("; ", told)}{choice}. See docs/readers.md";
        }
    }

    static string Wrong(ReaderFact fact) =>
        FormattableString.Invariant($"{fact.Program} (off by up to {fact.Off} of a layer's change: {fact.Why})");

    static string AtHalf(ReaderFact fact) =>
        FormattableString.Invariant($"{fact.Program} at strengths other than 1 (at ½ by {fact.OffAtHalf} of the change: {fact.Why})");
}
