namespace Lowrank.Cli;

/// <summary>The options of a model that takes over on the way.</summary>
static class RefinerArguments
{
    static readonly RefinerChoice usual = new("");

    /// <summary>Makes them.</summary>
    public static OptionalPart<RefinerChoice> Make() => new(usual, "says where a refiner takes over: give one", new()
    {
        {
            new Option<string>("--refiner")
            {
                HelpName = "FOLDER|FILE",
                Description = "a base model that takes over on the way, XL's refiner or any other of the same latents; with --hires, in " +
                    "the second pass",
            },
            (refiner, path) => refiner with { Path = path! }
        },
        {
            new Option<double>("--refiner-at")
            {
                HelpName = "SHARE",
                Description = "share of the way, 0 to 1, after which it does, as \"Refiner switch at\" of AUTOMATIC1111; 1 is never",
                DefaultValueFactory = _ => usual.SwitchAt,
            },
            (refiner, share) => refiner with { SwitchAt = share }
        },
    });
}
