namespace Lowrank.Language;

/// <summary>What happens to the tokens of a text, or of a pair: offsets trimmed, begin and end tokens added.</summary>
interface IPostProcessor
{
    /// <summary>Tokens that are added to one text, or to a pair.</summary>
    int AddedTo(bool pair);

    /// <summary>The rows after this step: one for each text, or one for all.</summary>
    /// <param name="rows">One for each text.</param>
    /// <param name="addsSpecials">Whether begin and end tokens are added.</param>
    /// <param name="tokenOf">The text of a token.</param>
    List<TokenRow> Process(List<TokenRow> rows, bool addsSpecials, Func<int, string?> tokenOf);
}
