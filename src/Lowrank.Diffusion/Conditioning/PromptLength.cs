using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>How long texts are in tokens, and where those are cut that are longer than an encoder is given.</summary>
public static class PromptLength
{
    /// <summary>Tokens of a piece, which is what an encoder takes at once.</summary>
    public const int Piece = 75;

    /// <summary>Pieces in which texts are encoded so that the longest has room, at most <paramref name="most"/> tokens.</summary>
    /// <param name="model">Whose tokenizers count.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="most">Most tokens of a text: 75, 150, 225, ...</param>
    public static int Pieces(StableDiffusion model, IEnumerable<string> texts, int most)
    {
        int longest = texts.Select(text => Tokens(model, text)).DefaultIfEmpty(0).Max();
        return Math.Clamp((longest + Piece - 1) / Piece, 1, Math.Max(1, most / Piece));
    }

    /// <summary>Tokens of a text, by the tokenizer that makes more of it; begin and end do not count.</summary>
    public static int Tokens(StableDiffusion model, string text)
    {
        int first = model.Tokenizer.EncodeUnpadded(text).Length - 2;
        return model.Tokenizer2 is { } second ? Math.Max(first, second.EncodeUnpadded(text).Length - 2) : first;
    }

    /// <summary>Where a text is cut, as an account tells it: 112 tokens, cut behind "... the old mill"; null where it is not.</summary>
    /// <param name="model">Whose tokenizers count.</param>
    /// <param name="text">The text.</param>
    /// <param name="most">Tokens that are taken.</param>
    public static string? CutIn(StableDiffusion model, string text, int most)
    {
        int tokens = Tokens(model, text);
        if (tokens <= most) return null;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (kept, over) = (0, words.Length);
        while (over - kept > 1)
        {
            int half = (kept + over) / 2;
            if (Tokens(model, string.Join(' ', words[..half])) <= most) kept = half;
            else over = half;
        }
        string last = string.Join(' ', words[Math.Max(0, kept - 4)..kept]);
        return kept == 0 ? $"{tokens} tokens" : $"{tokens} tokens, cut behind \"... {last}\"";
    }
}
