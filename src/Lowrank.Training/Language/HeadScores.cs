namespace Lowrank.Training;

/// <summary>What the heads of models say that write nothing.</summary>
static class HeadScores
{
    /// <summary>Scores of rows (B, N) or of tokens (B, T, N); of spans, beginnings and ends (B, T, 2).</summary>
    /// <exception cref="LowrankException">The model writes.</exception>
    public static Tensor Of(LanguageNetwork network, LanguageExamples examples)
    {
        var input = examples.Rows.ToInput();
        switch (network)
        {
            case ScoreModel scores: return scores.Scores(input);
            case ClassifierModel classes: return classes.Scores(input);
            case TokenClassifierModel tokens: return tokens.Scores(input);
            case MaskedModel words: return words.Logits(words.Run(input).Hidden);
            case AnswerModel answers:
                var (begins, ends) = answers.Scores(input);
                return stack([begins, ends], -1);
            case SequenceToSequenceModel writer:
                var labels = ObjectiveInput.Given(examples.Targets, "a model that answers rows with rows", "the answers' ids");
                using (var memory = writer.Encode(input))
                    return writer.Logits(writer.Decode(new(writer.DecoderIds(labels)), memory).Hidden);
            default:
                throw new LowrankException($"a {network.GetName()} has no head that gives scores. Take a model that was saved as a " +
                    "classifier, or have one made of it.");
        }
    }
}
