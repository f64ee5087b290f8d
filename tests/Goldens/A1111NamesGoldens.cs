using Lowrank.Testing;

namespace Goldens;

/// <summary>What AUTOMATIC1111 makes of names: samplers and schedules, adapter tags, hashes, checkpoints. A case's name begins with its kind.</summary>
public sealed class A1111NamesGoldens
{
    const string Group = "diffusion/a1111/names";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Name(string name) => Golden.Run(Group, name, c =>
    {
        string kind = c.Name.Split('/')[0];
        Action<GoldenCase> body = kind switch
        {
            "samplers" => A1111SamplerNames.Samplers,
            "schedulers" => A1111SamplerNames.Schedulers,
            "resolve" => A1111SamplerNames.Resolve,
            "hires_names" => A1111SamplerNames.Hires,
            "sigmas" => A1111SamplerNames.Sigmas,
            "timesteps" => A1111SamplerNames.Timesteps,
            "tags" => A1111TagNames.Tags,
            "hash" => A1111HashNames.Hash,
            "checkpoint" => A1111HashNames.Checkpoint,
            "checkpoint_match" => A1111HashNames.Match,
            _ => throw Golden.NotCovered(kind),
        };
        body(c);
    });
}
