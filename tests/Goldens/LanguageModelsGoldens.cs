using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Models over tokens as transformers computes them.</summary>
public class LanguageModelsGoldens
{
    public static IEnumerable<TheoryDataRow<string>> First => Golden.Cases("language/models");

    public static IEnumerable<TheoryDataRow<string>> Second => Golden.Cases("language/models2");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(First)), Trait("kind", "goldens")]
    public void Models(string name) => Golden.Run("language/models", name, Check);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Second)), Trait("kind", "goldens")]
    public void Models2(string name) => Golden.Run("language/models2", name, Check);

    static void Check(GoldenCase golden)
    {
        using var language = new LanguageCase(golden);
        string type = golden["model_type"].ValueKind == JsonValueKind.String ? golden["model_type"].GetString()! : "";
        if (LanguageArchitectures.Of(type) is null) throw Golden.NotCovered($"a model of type {type}");
        switch (golden["kind"].GetString())
        {
            case "causal_lm":
                LanguageCausalChecks.Check(language);
                break;
            case "sequence_classification" when language.Has("right.logits"):
                LanguageScoreChecks.Check(language);
                break;
            case "sequence_classification" or "token_classification" or "question_answering" or "masked_lm":
                LanguageEncoderChecks.Check(language);
                break;
            case "sentence_embedding":
                LanguageSentenceChecks.Check(language);
                break;
            case "seq2seq":
                LanguageT5Checks.Check(language);
                break;
            default:
                throw Golden.NotCovered($"a model of kind {golden["kind"]}");
        }
    }
}
