using Lowrank.Testing;

namespace Goldens;

/// <summary>Options of transformers' <c>generate</c> in whole runs: rules, beams, sampled beams.</summary>
public class SamplingOptionsGoldens
{
    const string Group = "language/sampling2/options";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Options(string name) => Golden.Run(Group, name, () => LanguageModelCases.Run(Group, "cases", name));
}
