namespace Lowrank.Training;

/// <summary>What models say that are trained on rows and targets of their own: those with heads, of masked words, and those that read
/// one text and write another.</summary>
static class HeadScores
{
    /// <summary>Scores of rows (B, N) or of tokens (B, T, N); of spans, beginnings and ends (B, T, 2); of words, masked or of the text
    /// that is written, over the vocabulary (B, T, V).</summary>
    /// <exception cref="LowrankException">The model goes on with what it reads.</exception>
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
