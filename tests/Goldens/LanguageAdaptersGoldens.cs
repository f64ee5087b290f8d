using Lowrank.Testing;

namespace Goldens;

/// <summary>PEFT's adapters on whole language models, as PEFT computes them.</summary>
public sealed class LanguageAdaptersGoldens
{
    public static IEnumerable<TheoryDataRow<string>> First => Golden.Cases("language/adapters");

    public static IEnumerable<TheoryDataRow<string>> Second => Golden.Cases("language/adapters2");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(First)), Trait("kind", "goldens")]
    public void Adapters(string name) => Golden.Run("language/adapters", name, Check);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Second)), Trait("kind", "goldens")]
    public void Adapters2(string name) => Golden.Run("language/adapters2", name, Check);

    static void Check(GoldenCase golden)
    {
        using var made = new LanguageAdapterCase(golden.Group.Folder, golden.Json);
        LanguageAdapterChecks.Check(made);
    }
}
