using CsCheck;

namespace Lowrank.Language.Tests;

public class NormalizationFormsTests
{
    static string Form(string text, bool composed, bool compatible)
    {
        var aligned = new AlignedText(text, 0, text.Length);
        new FormNormalizer(composed, compatible).Normalize(aligned);
        return aligned.Text;
    }

    [Theory]
    [InlineData("\u00e9\ufb01\u00b2", "\u00e9\ufb01\u00b2", "e\u0301\ufb01\u00b2", "\u00e9fi2", "e\u0301fi2")]
    [InlineData("\u1e9b\u0323", "\u1e9b\u0323", "\u017f\u0323\u0307", "\u1e69", "s\u0323\u0307")]
    [InlineData("\uac01 \u1112\u1161\u11ab", "\uac01 \ud55c", "\u1100\u1161\u11a8 \u1112\u1161\u11ab", "\uac01 \ud55c", "\u1100\u1161\u11a8 \u1112\u1161\u11ab")]
    [InlineData("\u3382", "\u3382", "\u3382", "\u03bcA", "\u03bcA")]
    public void TheFourFormsAreUnicodes(string text, string nfc, string nfd, string nfkc, string nfkd)
    {
        Assert.Equal(nfc, Form(text, composed: true, compatible: false));
        Assert.Equal(nfd, Form(text, composed: false, compatible: false));
        Assert.Equal(nfkc, Form(text, composed: true, compatible: true));
        Assert.Equal(nfkd, Form(text, composed: false, compatible: true));
    }

    [Fact]
    public void AFormOfAFormIsItself() => TinyTokenizers.Texts.Sample(text =>
        new[] { (true, true), (true, false), (false, true), (false, false) }.All(form =>
            Form(Form(text, form.Item1, form.Item2), form.Item1, form.Item2) == Form(text, form.Item1, form.Item2)));

    [Fact]
    public void EveryUnitKeepsItsPlace()
    {
        var text = new AlignedText("xe\u0301\ufb01", 0, 4);
        new FormNormalizer(composed: true, compatible: true).Normalize(text);
        Assert.Equal("x\u00e9fi", text.Text);
        Assert.Equal([new(0, 1), new(1, 2), new(3, 4), new(3, 4)], Enumerable.Range(0, 4).Select(unit => text.SourceOf(unit)));
    }
}
